/* Covers the page when nobody has used it for a quarter of an hour, and asks for the password in
   place: nothing that was typed is lost. Only what a person does keeps the page open, and only that
   is told to the server; a page that asks for news by itself keeps nobody signed in. */

const kept = document.querySelector("template[data-lock]");
const lock = kept.content.querySelector("dialog");
const form = lock.querySelector("form");
const said = lock.querySelector("[data-said]");
const AFTER = Number(kept.dataset.lock) * 1000;
const TELL_EVERY = 60_000;
const LOOK_EVERY = 5_000;

const title = document.title;
const others = new BroadcastChannel("here");
let known = Date.now(); // when the server last heard that somebody was here
let told = known;
let used = false;
let covered = false;

const send = (address, body) =>
  fetch(address, { method: "POST", headers: { "X-Requested-With": "fetch" }, body }).catch(() => null);

const cover = () => {
  if (covered) return;
  covered = true;
  document.documentElement.classList.add("locked");
  document.title = "Locked";
  said.textContent = "";
  document.body.append(lock);
  lock.showModal();
};

const uncover = () => {
  if (!covered) return;
  covered = false;
  known = told = Date.now();
  used = false;
  form.reset();
  lock.close();
  lock.remove();
  document.documentElement.classList.remove("locked");
  document.title = title;
};

const tell = async () => {
  used = false;
  told = Date.now();
  const answer = await send(kept.dataset.here, new URLSearchParams({ csrf_token: form.elements.csrf_token.value }));
  if (answer?.ok) {
    known = told;
    others.postMessage("here");
  } else if (answer?.status === 401) cover();
};

const look = () => {
  if (covered) return;
  const now = Date.now();
  if (now - known >= AFTER) cover();
  else if (used && now - told >= TELL_EVERY) tell();
};

const use = (event) => {
  if (!event.isTrusted || covered) return;
  used = true;
  look();
};

for (const kind of ["keydown", "pointerdown", "wheel", "touchmove"]) {
  document.addEventListener(kind, use, { capture: true, passive: true });
}
for (const kind of ["visibilitychange", "pageshow", "focus"]) window.addEventListener(kind, look);
document.addEventListener("visibilitychange", look);
setInterval(look, LOOK_EVERY);

others.addEventListener("message", ({ data }) => {
  if (data === "open") uncover();
  else known = Math.max(known, Date.now());
});

/* Escape closes a dialog; this one opens again. */
lock.addEventListener("cancel", (event) => event.preventDefault());
lock.addEventListener("close", () => {
  if (covered) lock.showModal();
});

const why = async (answer) => {
  if (!answer) return "The clinic’s server cannot be reached. What you typed is still here; try again shortly.";
  // Signed out elsewhere, the page's form is not good any more either: that is the 400.
  if (answer.status === 400 || answer.status === 401)
    return "This sign-in has ended. What you typed is still under this cover, but it cannot be saved from here.";
  return answer.text();
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await send(form.action, new URLSearchParams(new FormData(form)));
  if (answer?.status === 204) {
    others.postMessage("open");
    uncover();
    return;
  }
  form.elements.password.value = "";
  form.elements.password.focus();
  said.textContent = await why(answer);
});
