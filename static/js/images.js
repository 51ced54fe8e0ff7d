/* A picture can be dropped or pasted. On its own page it goes into the form, to be described; beside
   the grid it is sent at once, tied to the site the cursor was last in. Nothing is kept here. */

const section = document.querySelector("[data-images][data-adds]");
const box = document.querySelector(".image-new input[type=file]");
const SITE = /^([RL])\.([A-Z_]+\d{0,2})(?:-\d)?\./;
let site = null;

for (const hint of document.querySelectorAll("[data-with-script]")) hint.hidden = false;

document.addEventListener("focusin", ({ target }) => {
  const found = SITE.exec(target.name ?? "");
  if (found) site = { leg: found[1], segment: found[2] };
});

const pictureOf = (transfer) =>
  [...(transfer?.files ?? [])].find((file) => file.type.startsWith("image/")) ??
  transfer?.files?.[0];

const say = (words) => {
  const place = document.querySelector("[data-images] [data-said]");
  if (place) place.textContent = words;
  document.dispatchEvent(new CustomEvent("says", { detail: words }));
};

const put = (file) => {
  const chosen = new DataTransfer();
  chosen.items.add(file);
  box.files = chosen.files;
  box.form.querySelector("[name=leg]").focus();
};

const send = async (file) => {
  if (!site) return say("Put the cursor into the row of the site first, then drop the picture again.");
  const sent = new FormData();
  sent.set("csrf_token", document.querySelector("[name=csrf_token]").value);
  sent.set("picture", file);
  sent.set("leg", site.leg);
  sent.set("segment", site.segment);
  const answer = await fetch(section.dataset.images, {
    method: "POST",
    headers: { "X-Requested-With": "fetch" },
    body: sent,
  }).catch(() => null);
  if (!answer) return say("The clinic’s server cannot be reached, so the picture was not added.");
  const text = await answer.text();
  if (!answer.ok) return say(text);
  const made = new DOMParser().parseFromString(text, "text/html").querySelector("[data-images]");
  const said = made.querySelector("[data-said]").textContent;
  document.querySelector("[data-images]").replaceChildren(...made.childNodes);
  say(said);
};

const take = (event, transfer) => {
  const file = pictureOf(transfer);
  if (!file) return;
  event.preventDefault();
  if (box) put(file);
  else send(file);
};

if (section || box) {
  document.addEventListener("paste", (event) => take(event, event.clipboardData));
  document.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    document.querySelector("[data-drop]")?.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.querySelector("[data-drop]")?.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    document.querySelector("[data-drop]")?.classList.remove("over");
    take(event, event.dataTransfer);
  });
}
