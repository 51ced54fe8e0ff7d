/* Undo and redo: what waits is taken back here, what is saved by the server, across reloads. */

import { named, rows, stored } from "./cells.js";
import * as edit from "./edit.js";
import * as live from "./live.js";
import { enter } from "./move.js";
import * as queue from "./queue.js";
import { ask, at, say } from "./server.js";
import * as status from "./status.js";

let working = Promise.resolve();

const show = ({ cells, left }, way) => {
  const name = cells.find((one) => named(one)) ?? "";
  if (name) enter(named(name));
  else if (!rows().some((row) => row.contains(document.activeElement))) enter(named("R.CFV.reflux_ms"));
  const most = cells.length > 1 ? `${cells.length} values ${way === "undo" ? "are undone" : "are redone"}.` : "";
  const kept = left.length ? ` ${left.length} changed since and stay.` : "";
  if (most || kept) say(`${most}${kept}`.trim());
};

const take = async (way) => {
  if (way === "undo" && queue.state().tries && queue.dropLast(stored)) return;
  if (!(await queue.drained())) {
    say("What was typed last is not saved yet. Undo works again once it is.");
    return;
  }
  try {
    const response = await ask(at[way], { data: new FormData() });
    if (response.status === 401) {
      queue.lock();
      status.show();
      return;
    }
    if (!response.ok) {
      say(await response.text());
      return;
    }
    const told = await response.json();
    await live.refresh();
    show(told, way);
  } catch {
    say("The server does not answer. Nothing was undone.");
  }
};

/* One after the other, however fast the key is pressed. */
export const press = (way) => {
  if (edit.isEditing()) return false;
  working = working.then(() => take(way));
  return true;
};
