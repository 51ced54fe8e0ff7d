/* The search box of the top bar offers patients while one types. Arrows choose, Enter opens the
   chosen one (or lists all that fit), Escape closes. Without this script the box lists as well. */

const box = document.querySelector("[data-suggestions]");
const AFTER_MS = 120;

if (box) {
  const list = document.getElementById(box.getAttribute("aria-controls"));
  const told = document.getElementById("search-told");
  let timer = 0;
  let asking = null;
  let at = -1;

  const offers = () => [...list.querySelectorAll("a")];

  const choose = (next) => {
    const all = offers();
    at = all.length ? ((next % all.length) + all.length) % all.length : -1;
    all.forEach((offer, place) => offer.setAttribute("aria-selected", String(place === at)));
    if (at < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", all[at].id);
      all[at].scrollIntoView({ block: "nearest" });
    }
  };

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    at = -1;
  };

  const show = (html) => {
    list.innerHTML = html;
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    const count = offers().length;
    choose(count ? 0 : -1);
    told.textContent = count === 1 ? "1 patient" : `${count} patients`;
  };

  const ask = async () => {
    const query = box.value.trim();
    if (!query) return close();
    asking?.abort();
    asking = new AbortController();
    const address = `${box.dataset.suggestions}?${new URLSearchParams({ q: query })}`;
    try {
      const answer = await fetch(address, {
        headers: { "X-Requested-With": "fetch" },
        signal: asking.signal,
      });
      if (answer.ok && box.value.trim() === query) show(await answer.text());
    } catch {
      // Enter still lists all that fit.
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    at = -1; // what was offered for fewer letters is not what Enter opens now
    box.removeAttribute("aria-activedescendant");
    timer = setTimeout(ask, AFTER_MS);
  });
  box.addEventListener("focus", () => box.value.trim() && ask());
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && !list.hidden) {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      offers()[at].click();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".search")) close();
  });
  box.form.addEventListener("focusout", (event) => {
    if (!box.form.contains(event.relatedTarget)) close();
  });
}
