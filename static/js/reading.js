/* Reading without the mouse: while the focus is on the reading desk and nobody types, a letter leads
   to the box that carries it in data-key; Escape in such a box leads back to where reading starts. */

const desk = document.querySelector("[data-keys]");

desk?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && typing) {
    desk.querySelector(".alert-strip, .desk-evidence")?.focus();
    return;
  }
  const box = typing ? null : desk.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (box) {
    event.preventDefault();
    box.focus();
  }
});
