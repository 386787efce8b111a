// Shows how far work on the server is, without loading the page anew. Pages work without this file.

const SECOND = 1000;

// Another page takes the place of this one as soon as the work is done.
async function follow(shown) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-progress]");
  if (!found) {
    location.reload();
    return;
  }
  // What has not changed is not said once more to those who listen.
  if (!shown.isEqualNode(found)) shown.replaceChildren(...found.childNodes);
  watch(shown);
}

function watch(shown) {
  setTimeout(() => follow(shown).catch(() => watch(shown)), SECOND);
}

const shown = document.querySelector("[data-progress]");
if (shown) watch(shown);
