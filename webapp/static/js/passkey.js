// Asks the browser for a passkey, and sends its answer with the form that the server has prepared.

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const said = form.querySelector("[data-said]");

  const ask = async () => {
    const options = JSON.parse(form.dataset.options);
    const known = window.PublicKeyCredential?.parseRequestOptionsFromJSON;
    if (!known) {
      said.textContent = form.dataset.impossible;
      return;
    }
    try {
      const credential = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      said.textContent = form.dataset.refused;
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  ask();
}
