// Lets days be chosen in the months above a list of periods: the first one, then the last one. The
// list is what is sent; the months show it. A day of a period that is listed takes that off the list.
// Days that are over are no days to choose.

const ARROWS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export function chooseDays(told) {
  const rows = [...document.querySelectorAll(".rows .row-fields")].map((row) => row.querySelectorAll("input"));
  const cells = [...document.querySelectorAll("[data-day]")];
  const page = document.documentElement.lang;
  // All other days of an English page are written in this order.
  const lang = page === "en" ? "en-GB" : page;
  const named = (day) => new Date(`${day}T12:00`).toLocaleDateString(lang, { dateStyle: "long" });
  const say = (what, from = "", day = "") => {
    told.textContent = told.dataset[what].replace("{from}", from && named(from)).replace("{day}", day && named(day));
  };
  const isListed = ([start, end], first, last) => start.value && end.value && start.value <= last && first <= end.value;
  let begun = "";

  function paint() {
    for (const cell of cells) {
      const day = cell.dataset.day;
      const off = rows.some((row) => isListed(row, day, day));
      cell.classList.toggle("off", off);
      cell.classList.toggle("begun", day === begun);
      cell.firstChild.setAttribute("aria-pressed", off || day === begun);
    }
  }

  function write([start, end], from, to) {
    [start.value, end.value] = [from, to];
    // What is put in by a click is typed as well: it is kept, and leaving the page asks first.
    start.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function choose(day) {
    const there = rows.find((row) => isListed(row, day, day));
    if (begun) return take(...[begun, day].sort());
    if (!there) {
      begun = day;
      return say("from", "", day);
    }
    say("removed", there[0].value, there[1].value);
    write(there, "", "");
  }

  function take(first, last) {
    begun = "";
    // Periods that have days in common become one, as the list takes no day twice.
    const others = rows.filter((row) => isListed(row, first, last));
    const row = others[0] ?? rows.find(([start, end]) => !start.value && !end.value);
    if (!row) return say("full");
    first = others.reduce((day, [start]) => (start.value < day ? start.value : day), first);
    last = others.reduce((day, [, end]) => (end.value > day ? end.value : day), last);
    others.slice(1).forEach((other) => write(other, "", ""));
    write(row, first, last);
    say("listed", first, last);
  }

  function move(event) {
    const to = cells[cells.indexOf(event.target.parentNode) + ARROWS[event.key]]?.firstChild;
    if (!to) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }

  for (const [number, cell] of cells.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = cell.firstChild.textContent.trim();
    const mission = cell.classList.contains("booked") ? `, ${told.dataset.mission}` : "";
    button.setAttribute("aria-label", named(cell.dataset.day) + mission);
    // One stop for the tabulator; from there the arrows lead on.
    button.tabIndex = number ? -1 : 0;
    button.addEventListener("click", () => { choose(cell.dataset.day); paint(); });
    button.addEventListener("keydown", (event) => { if (event.key in ARROWS) move(event); });
    cell.replaceChildren(button);
  }
  document.querySelector(".rows").addEventListener("input", paint);
  say("choose");
  paint();
}
