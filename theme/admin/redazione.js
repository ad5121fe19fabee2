/* Starts the CMS with our configuration, our reader and writer of files, and our own fields. */
"use strict";

globalThis.CMS_MANUAL_INIT = true;

document.addEventListener("DOMContentLoaded", async () => {
  const answer = await fetch("config.json");
  const { cms, locale } = await answer.json();
  for (const [name, control] of Object.entries(carta.widgets())) CMS.registerWidget(name, control);
  for (const collection of cms.collections) {
    const fields = collection.fields ?? collection.files[0].fields;
    const field = { fields, label: collection.label_singular ?? collection.label };
    const format = collection.extension === "md" ? carta.page : carta.yaml;
    CMS.registerCustomFormat(collection.format, collection.extension ?? "yml", {
      fromFile: (text) => told(format.fromFile(text), collection),
      toFile: (data) => format.toFile(data, field),
    });
  }
  CMS.registerLocale("it", carta.translated(CMS.getLocale("it"), carta.phrases(locale)));
  CMS.init({ config: cms });
  if (locale) follow();
});

/* Two kinds share a folder: each collection shows only its own, by what is told here. */
function told(data, collection) {
  if (collection.filter) data._tipo = /-reclami$/.test(data.id) ? "figures" : "results";
  return data;
}

/* On this machine: say after every change what the check finds. */
function follow() {
  const panel = document.getElementById("controllo");
  const verdict = document.getElementById("controllo-esito");
  const list = document.getElementById("controllo-elenco");

  async function check() {
    const { esito, problemi } = await (await fetch("controllo.json")).json();
    verdict.textContent = `Controllo: ${esito}`;
    panel.classList.toggle("controllo-rosso", problemi.some((one) => one.level === "errore"));
    list.replaceChildren(...problemi.map(shown));
    panel.hidden = false;
  }

  function shown(problem) {
    const item = document.createElement("li");
    const hint = problem.hint ? ` Rimedio: ${problem.hint}` : "";
    item.textContent = `${problem.path}, riga ${problem.line}: ${problem.message}${hint}`;
    return item;
  }

  CMS.registerEventListener({ name: "postSave", handler: () => void check() });
  check();
}
