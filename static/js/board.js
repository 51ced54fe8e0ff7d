/* The board: arrows move between the cards, and every half minute it asks whether anything moved.
   Only the cards that changed are replaced, and what is looked at stays where it is; asking never
   keeps a sign-in alive. */

const frame = document.querySelector("[data-board]");
const EVERY = 30_000;

const board = () => frame.querySelector("[data-mark]");
const lanes = () => [...frame.querySelectorAll("[data-lane]")];
const cardsOf = (lane) => [...lane.querySelectorAll("a[data-card]")];

/* One card is in the tab order, the one last looked at; arrows reach the others. */
function only(card) {
  for (const each of frame.querySelectorAll("a[data-card]")) each.tabIndex = -1;
  const held = card ?? frame.querySelector("a[data-card]");
  if (held) held.tabIndex = 0;
}

function nearest(cards, top) {
  const off = (card) => Math.abs(card.getBoundingClientRect().top - top);
  return cards.reduce((best, card) => (off(card) < off(best) ? card : best));
}

function neighbour(card, key) {
  const lane = card.closest("[data-lane]");
  const here = cardsOf(lane);
  const at = here.indexOf(card);
  if (key === "ArrowDown") return here[at + 1];
  if (key === "ArrowUp") return here[at - 1];
  if (key === "Home") return here[0];
  if (key === "End") return here.at(-1);
  const filled = lanes().filter((each) => cardsOf(each).length);
  const next = filled[filled.indexOf(lane) + (key === "ArrowRight" ? 1 : -1)];
  return next && nearest(cardsOf(next), card.getBoundingClientRect().top);
}

const MOVES = ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End"];

frame.addEventListener("keydown", (event) => {
  if (!MOVES.includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
  const card = event.target.closest("a[data-card]");
  const next = card ? neighbour(card, event.key) : frame.querySelector('a[data-card][tabindex="0"]');
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
});

frame.addEventListener("focusin", (event) => {
  const card = event.target.closest("a[data-card]");
  if (card) only(card);
});

/* What is looked at: the focused card, or else the first one in view. */
function anchor() {
  const focused = document.activeElement?.closest("a[data-card]");
  if (focused) return focused;
  const edge = board().getBoundingClientRect();
  return [...frame.querySelectorAll("[data-card]")].find((card) => {
    const box = card.getBoundingClientRect();
    return box.top >= edge.top && box.left >= edge.left;
  });
}

/* Replaces the parts of a lane that differ; a card that stands as it stood is the same element. */
function take(lane, fresh) {
  if (lane.outerHTML === fresh.outerHTML) return;
  const known = new Map(
    [...lane.querySelectorAll("[data-card]")].map((card) => [card.id, card.parentElement]),
  );
  for (const card of fresh.querySelectorAll("[data-card]")) {
    const item = known.get(card.id);
    card.tabIndex = item?.firstElementChild.tabIndex ?? -1;
    if (item?.innerHTML === card.parentElement.innerHTML) card.parentElement.replaceWith(item);
  }
  lane.replaceWith(fresh);
}

function merge(text) {
  const parsed = new DOMParser().parseFromString(text, "text/html").body;
  const fresh = parsed.querySelector("[data-mark]");
  const shown = board();
  if (shown.hidden || fresh.hidden) {
    frame.replaceChildren(...parsed.childNodes);
    return only();
  }
  const held = anchor();
  const focused = document.activeElement?.id;
  const before = held?.getBoundingClientRect();
  shown.dataset.mark = fresh.dataset.mark;
  for (const lane of lanes()) take(lane, fresh.querySelector(`[data-lane="${lane.dataset.lane}"]`));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  const after = held && document.getElementById(held.id);
  if (after && before) {
    const now = after.getBoundingClientRect();
    shown.scrollBy(now.left - before.left, now.top - before.top);
  }
}

async function refresh() {
  if (document.hidden) return;
  const address = new URL(frame.dataset.board, location.href);
  address.searchParams.set("mark", board().dataset.mark);
  const answer = await fetch(address, {
    headers: { "X-Requested-With": "fetch", "X-Poll": "1" },
  }).catch(() => null);
  if (answer?.status === 200) merge(await answer.text());
  else if (answer?.headers.has("X-Mark")) board().dataset.mark = answer.headers.get("X-Mark");
}

only();
setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);

for (const box of document.querySelectorAll("[data-narrow] select, [data-narrow] input")) {
  box.addEventListener("change", () => box.form.requestSubmit());
}
