// The menu of small screens: closed, it is not drawn at all, so that nothing in it takes focus.
const button = document.querySelector(".c-menu-button");
const menu = document.getElementById("menu");

function isOpen() {
  return button.getAttribute("aria-expanded") === "true";
}

function setOpen(open) {
  button.setAttribute("aria-expanded", String(open));
  menu.classList.toggle("is-open", open);
}

button.addEventListener("click", () => setOpen(!isOpen()));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isOpen()) return;
  const wasInside = menu.contains(document.activeElement);
  setOpen(false);
  if (wasInside) button.focus();
});
