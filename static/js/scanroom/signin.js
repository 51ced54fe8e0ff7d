/* Signs in again in place, so that what waits in the room is saved. */

import { ask, at, say } from "./server.js";
import * as live from "./live.js";
import * as queue from "./queue.js";
import * as status from "./status.js";

const dialog = document.getElementById("sign-in-over");
const said = dialog.querySelector("[data-sign-in-said]");
const password = document.getElementById("over-password");
const notice = document.createElement("div");
notice.className = "signed-out";
notice.setAttribute("role", "alert");

/* A notice, not a dialog: whoever is typing goes on typing. */
export const needed = () => {
  queue.lock();
  status.show();
  if (notice.isConnected) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = "Sign in again";
  button.addEventListener("click", open);
  notice.replaceChildren("You are signed out. What you type is kept here until you sign in again (Ctrl+S). ", button);
  document.querySelector(".room-notices").append(notice);
};

export const isNeeded = () => notice.isConnected;

export const open = () => {
  const waiting = queue.waiting();
  const values = `${waiting} ${waiting === 1 ? "value waits" : "values wait"} to be saved.`;
  dialog.querySelector("[data-waiting]").textContent = waiting ? values : "";
  said.textContent = "";
  dialog.showModal();
  password.focus();
};

const freshForm = async () => {
  const response = await ask(at.signIn);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("form[method=post]");
};

const attempt = async () => {
  const asked = await freshForm();
  if (!asked) return "The server does not show its sign-in page.";
  const data = new FormData(asked);
  data.set("username", at.username);
  data.set("password", password.value);
  const response = await ask(at.signIn, { data });
  if (response.type === "opaqueredirect") return "";
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("[role=alert] li, .error")?.textContent.trim() || "That did not work.";
};

dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    said.textContent = await attempt();
  } catch {
    said.textContent = "The server does not answer. Try again in a moment.";
  }
  password.value = "";
  if (said.textContent) {
    password.focus();
    return;
  }
  notice.remove();
  dialog.close();
  await live.refresh(true);
  queue.unlock();
  say("You are signed in again.");
});
