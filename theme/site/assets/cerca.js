// Search on its own page. Nothing is sent, and nothing is written into the address or the history.
const bundlePath = new URL("../pagefind/", document.currentScript.src).pathname;

// Words that stand in every Italian text and would drown those that mean something.
const ELIDED = /\b(?:all|coll|dall|dell|nell|sull|l|un|d|c|m|t|s|quell|quest|dov|com)['’]/gi;
const COMMON = new Set(
  `a ad al alla alle ai agli allo che chi ci come con da dal dalla dei del della delle degli di e ed è
  gli ho i il in io la le lo ma me mi mia mie miei mio ne nel nella non o per più se si sono su sua
  suo sul sulla ti tra fra un una uno vorrei devo posso voglio serve`.split(/\s+/),
);

function meaningful(term) {
  const words = term.replace(ELIDED, " ").split(/\s+/).filter(Boolean);
  const kept = words.filter((word) => !COMMON.has(word.toLowerCase()));
  return (kept.length ? kept : words).join(" ");
}

window.addEventListener("DOMContentLoaded", () => {
  new PagefindUI({
    element: "#cerca",
    bundlePath,
    showImages: false,
    showSubResults: false,
    openFilters: ["comune", "area"],
    processTerm: meaningful,
    translations: { placeholder: "Scrivi qui", clear_search: "Cancella" },
  });
});
