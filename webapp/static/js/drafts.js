// Keeps what somebody types until they save it, so that a closed window loses no word. The server
// keeps it for its writer alone, and forgets it when the form is saved or two weeks have passed.

const PAUSE = 3000;

function tokenOf(form) {
  const there = form.querySelector("[name=kept_text]");
  if (there) return there;
  const made = document.createElement("input");
  made.type = "hidden";
  made.name = "kept_text";
  form.append(made);
  return made;
}

export function keepTyping(form) {
  const told = form.querySelector("[data-kept]");
  let waiting, sending = false;

  async function keep() {
    if (sending) return later();
    sending = true;
    const typed = new FormData(form);
    // With it a session that has ended would take this for a form that was sent.
    typed.delete("writer");
    typed.append("kept_page", location.pathname);
    try {
      const answer = await fetch(form.dataset.keepAt, { method: "POST", body: new URLSearchParams(typed), redirect: "manual" });
      if (answer.status !== 201) return;
      tokenOf(form).value = (await answer.json()).kept_text;
      told.textContent = told.dataset.kept.replace("{time}", new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false }));
    } catch {
      // Without a network nothing is kept; the next pause tries again.
    } finally {
      sending = false;
    }
  }

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  }

  form.addEventListener("input", later);
  // What is sent now must not be kept once more after it was saved.
  form.addEventListener("submit", () => clearTimeout(waiting));
}
