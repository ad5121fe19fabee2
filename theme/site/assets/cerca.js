// Search on its own page. Nothing is sent and nothing is written into the address or the history.
window.addEventListener("DOMContentLoaded", () => {
  new PagefindUI({
    element: "#cerca",
    bundlePath: new URL("../pagefind/", document.currentScript?.src ?? document.baseURI).pathname,
    showImages: false,
    showSubResults: false,
    resetStyles: false,
    openFilters: ["comune", "area"],
    autofocus: true,
  });
});
