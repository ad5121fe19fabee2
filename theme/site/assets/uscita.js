// The quick exit of the pages about violence: Esc three times within two seconds, or the link.
// The page goes blank at once and leaves its place in the history to the one that follows.
"use strict";

(() => {
  const link = document.querySelector("[data-uscita]");
  if (!link) return;
  const TIMES = 3;
  const WITHIN = 2000; // milliseconds
  let pressed = [];
  // On the page of the questions the link appears only with an answer that needs it.
  const shown = () => link.getClientRects().length > 0;

  function leave() {
    document.title = "";
    document.body.replaceChildren();
    location.replace(link.href);
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.repeat || !shown()) return;
      const now = performance.now();
      pressed = [...pressed.filter((time) => now - time < WITHIN), now];
      if (pressed.length >= TIMES) leave();
    },
    true, // before anything that swallows the key, such as a menu
  );
})();
