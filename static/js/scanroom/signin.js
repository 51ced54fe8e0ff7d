/* Signs in again in place, so that what waits in the room is saved. */

import { ask, at } from "./server.js";
import * as live from "./live.js";
import * as queue from "./queue.js";
import * as status from "./status.js";

const dialog = document.getElementById("sign-in-over");
const said = dialog.querySelector("[data-sign-in-said]");
const password = document.getElementById("over-password");
const notice = document.createElement("div");
notice.className = "signed-out";
notice.setAttribute("role", "alert");

const tell = (sentence, ...more) => {
  notice.replaceChildren(sentence, ...more);
  if (!notice.isConnected) document.querySelector(".room-notices").append(notice);
};

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
  tell("You are signed out. What you type is kept here until you sign in again (Ctrl+S). ", button);
};

/* Nothing is saved under another person's name. */
export const otherPerson = (who) => {
  queue.lock();
  status.show();
  tell(`${who} is signed in in this browser now. What you typed waits here until you sign in again.`);
};

/* Signed in again, here or in another tab: what waits is saved. */
export const back = () => {
  if (!notice.isConnected) return;
  notice.remove();
  if (dialog.open) dialog.close();
  queue.unlock();
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
  await live.refresh(true);
  if (notice.isConnected) {
    said.textContent = "A code is asked for as well. Sign in in another tab; this page then goes on by itself.";
  }
});
