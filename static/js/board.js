/* The board asks every half minute whether anything moved, and then changes only what did. It keeps
   the place, the scroll and the focus, and asking never keeps a sign-in alive. */

const frame = document.querySelector("[data-board]");
const EVERY = 30_000;

async function refresh() {
  if (document.hidden) return;
  const address = new URL(frame.dataset.board, location.href);
  const board = frame.querySelector("[data-mark]");
  if (board) address.searchParams.set("mark", board.dataset.mark);
  const answer = await fetch(address, {
    headers: { "X-Requested-With": "fetch", "X-Poll": "1" },
  }).catch(() => null);
  if (answer?.status !== 200) return;
  const held = document.activeElement?.closest("[data-board] [id]")?.id;
  const left = board?.scrollLeft ?? 0;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  frame.replaceChildren(...fresh.body.childNodes);
  const shown = frame.querySelector("[data-mark]");
  if (shown) shown.scrollLeft = left;
  if (held) document.getElementById(held)?.focus({ preventScroll: true });
}

if (frame) {
  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
}
