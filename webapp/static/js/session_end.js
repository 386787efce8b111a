// Says before a session ends that it will, and keeps it while somebody reads or writes.
// The server alone decides when it is over and whether it can go on. It says so in seconds from now:
// clocks differ.

const FIVE_MINUTES = 300_000;
const SIGNS_OF_LIFE = ["input", "keydown", "pointerdown", "pointermove", "scroll"];

function paragraph(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function button(text, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-primary";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}

export function watchSession(notice) {
  if (!notice) return;
  const { sessionLeft, sessionExtensible, sessionIdle } = document.body.dataset;
  const found = { seconds: Number(sessionLeft), extensible: sessionExtensible !== undefined };
  const idle = Number(sessionIdle) * 1000;
  const warning = Math.min(FIVE_MINUTES, idle / 2);
  const pause = Math.min(FIVE_MINUTES, idle / 4);
  const otherPages = new BroadcastChannel("session");
  let end, extensible, timer, asked = Date.now(), said = "";

  function say(what) {
    if (what === said) return;
    said = what;
    const words = what ? [paragraph(notice.dataset[what])] : [];
    if (what === "soon") words.push(button(notice.dataset.stay, renew));
    if (what === "over" && document.querySelector("form[data-keep]")) words.push(paragraph(notice.dataset.kept));
    notice.replaceChildren(...words);
  }

  function look() {
    clearTimeout(timer);
    const left = end - Date.now();
    if (left <= 0) return say("over");
    if (left > warning) say("");
    else say(extensible ? "soon" : "last");
    timer = setTimeout(look, left > warning ? left - warning : left);
  }

  function learn(session) {
    end = Date.now() + session.seconds * 1000;
    extensible = session.extensible;
    look();
  }

  async function renew() {
    asked = Date.now();
    try {
      const answer = await fetch(notice.dataset.renew, { redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect") return learn({ seconds: 0, extensible: false });
      if (!answer.ok) return;
      const session = await answer.json();
      learn(session);
      otherPages.postMessage(session);
    } catch {
      // Without a network nothing is known, and the session goes on towards its end.
    }
  }

  function live() {
    if (Date.now() < end && Date.now() - asked > pause) renew();
  }

  for (const sign of SIGNS_OF_LIFE) document.addEventListener(sign, live, { capture: true, passive: true });
  // A machine that slept does not count the time; it looks when it is used again.
  document.addEventListener("visibilitychange", look);
  otherPages.addEventListener("message", ({ data }) => learn(data));
  learn(found);
  otherPages.postMessage(found);
}
