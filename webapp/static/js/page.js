// Pages work without this file; it only prevents slips.

import { countCharacters } from "./counter.js";
import { chooseDays } from "./days.js";
import { keepTyping } from "./drafts.js";
import { watchSession } from "./session_end.js";

// An impatient second click must not send a form twice; the server refuses it as well.
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // Coming back with the Back button must not find the form locked.
  window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
}

// A day of which the year is missing would be sent as none at all, without a word.
function refuseHalfWritten(event) {
  const half = [...event.target.elements].find((field) => field.validity?.badInput);
  if (!half) return;
  event.preventDefault();
  event.stopPropagation();
  half.reportValidity();
}

// Text that was typed and not saved is not lost by a slip of the hand.
function warnBeforeLeaving(form) {
  let typed = false;
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });
}

document.addEventListener("submit", refuseHalfWritten, { capture: true });
document.addEventListener("submit", sendOnce);
document.querySelectorAll("[data-limit]").forEach(countCharacters);
document.querySelectorAll("form[data-keep]").forEach(warnBeforeLeaving);
document.querySelectorAll("form[data-keep-at]").forEach(keepTyping);
document.querySelectorAll("[data-choose]").forEach(chooseDays);
document.querySelector(".error-summary")?.focus();
watchSession(document.querySelector("#session-end"));
