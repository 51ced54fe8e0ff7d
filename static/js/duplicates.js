/* Shows, while a new patient is typed, who the clinic already knows by that name, date or phone. */

const side = document.querySelector("[data-alike]");
const form = document.getElementById("register");
const WATCHED = ["name", "born-day", "born-month", "born-year", "phone"];
const AFTER_MS = 300;

const quiet = side.innerHTML;
let timer = 0;
let asking = null;

const ask = async () => {
  const query = new URLSearchParams(
    WATCHED.map((name) => [name, form.elements[name].value.trim()]),
  );
  asking?.abort();
  asking = new AbortController();
  try {
    const response = await fetch(`${side.dataset.alike}?${query}`, {
      headers: { "X-Requested-With": "fetch" },
      signal: asking.signal,
    });
    if (response.ok) {
      const html = await response.text();
      side.innerHTML = html.trim() || quiet;
    }
  } catch {
    // The question is asked again when the form is sent.
  }
};

form.addEventListener("input", (event) => {
  if (!WATCHED.includes(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(ask, AFTER_MS);
});
