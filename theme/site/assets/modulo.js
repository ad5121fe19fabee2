// What a form can do more with JavaScript: it shows a question only when it is asked, and says how
// many characters are left when they are few. Nothing is stored and nothing is sent; without it
// every question is there, under its condition in words.
"use strict";

(() => {
  const FEW = 200; // characters
  const PAUSE = 1000; // milliseconds without typing before the number is read aloud

  /** Whether the question on which a part depends has the answer that the part is for. */
  function isAsked(form, part) {
    const { campo, valore } = part.dataset;
    return [...form.elements].some(
      (item) => item.name === campo && item.value.trim() === valore
        && (item.checked || !["radio", "checkbox"].includes(item.type))
        && !item.closest(".c-if[hidden]"),
    );
  }

  function show(form) {
    for (const part of form.querySelectorAll(".c-if")) part.hidden = !isAsked(form, part);
    for (const group of form.querySelectorAll('[role="group"]')) {
      const fields = [...group.querySelectorAll(".c-field")];
      group.hidden = fields.every((field) => field.closest(".c-if[hidden]"));
    }
  }

  function count(box) {
    const told = document.createElement("p");
    told.className = "c-hint";
    told.role = "status";
    box.after(told);
    let waiting;
    const say = () => {
      const left = box.maxLength - box.value.length;
      const word = left === 1 ? "Resta 1 carattere." : `Restano ${left} caratteri.`;
      told.textContent = left <= FEW ? word : "";
    };
    box.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(say, PAUSE);
    });
  }

  for (const form of document.querySelectorAll(".c-form")) {
    form.addEventListener("change", () => show(form));
    // Also when a browser brings back the answers of who comes back to the page.
    window.addEventListener("pageshow", () => show(form));
    form.querySelectorAll("textarea").forEach(count);
    show(form);
  }
})();
