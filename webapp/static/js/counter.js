// How much of a text fits: told when little is left, counted as the server counts.

// What core/words/text_rules.py drops or makes one line end; the two must say the same.
const LINE_ENDS = /\r\n|[\r\v\f\x85\u2028\u2029]/g;
const INVISIBLE = /[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const JOINABLE = "[\\u0600-\\u1cff\\u2190-\\u2bff\\ua840-\\uabff\\ufb50-\\ufdff\\ufe00-\\ufe0f\\ufe70-\\ufefe\\u{10a00}-\\u{1faff}]";
const LOOSE_JOINERS = new RegExp(`(?<!${JOINABLE})[\\u200c\\u200d]|[\\u200c\\u200d](?!${JOINABLE})`, "gu");
const NEAR = 0.9;
const PAUSE = 400;

function lengthOf(text) {
  const seen = text.replace(LINE_ENDS, "\n").replace(INVISIBLE, "");
  return [...seen.replace(LOOSE_JOINERS, "").trim()].length;
}

function words(count, limit) {
  const shown = (number) => number.toLocaleString(document.documentElement.lang);
  const { characters, tooMany } = document.body.dataset;
  return (count > limit ? tooMany : characters)
    .replace("{count}", shown(count)).replace("{limit}", shown(limit));
}

// Behind long texts stands the limit itself, for those without scripts.
function placeBehind(field) {
  if (field.nextElementSibling?.matches(".counter")) return field.nextElementSibling;
  const made = document.createElement("p");
  made.className = "counter";
  field.after(made);
  return made;
}

export function countCharacters(field) {
  const limit = Number(field.dataset.limit);
  // A live region must be there before its words, or they are not read out.
  const told = placeBehind(field);
  told.setAttribute("role", "status");

  function tell() {
    const count = lengthOf(field.value);
    told.textContent = count > limit * NEAR ? words(count, limit) : "";
    told.classList.toggle("too-many", count > limit);
  }

  // Told in a pause, because a reader of the screen would hear every single number.
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(tell, PAUSE);
  });
  // Back and forward bring texts back without an input.
  window.addEventListener("pageshow", tell);
  tell();
}
