// What buttons and menus do while their form is sent, and after.

import { config } from "@hotwired/turbo"
import { isDone } from "./morph.js"

// Not `disabled`, which would take the focus from the button.
config.forms.submitter = "aria-disabled"

// A button says what is under way: `data-busy="Stopping"`, in its `[data-word]`. Only the text changes, not
// the nodes: an island that comes to life meanwhile looks for them.
addEventListener("turbo:submit-start", ({ detail }) => {
  const { submitter } = detail.formSubmission
  const text = submitter?.querySelector("[data-word]")?.firstChild
  if (!text || !submitter.dataset.busy) return
  const before = text.data
  text.data = submitter.dataset.busy
  addEventListener("turbo:submit-end", () => (text.data = before), { once: true })
})

// ---- Menus that open without scripts, `<details class="drop">`: they close at Escape and at a click
// elsewhere. Any fold closes when a form with `data-closes`, or in a fold with it, is done.

const menus = () => [...document.querySelectorAll("details.drop[open]")]

addEventListener("click", ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false
})
addEventListener("keydown", (event) => {
  const [menu] = menus()
  if (event.key !== "Escape" || !menu || document.querySelector("dialog[open]")) return
  menu.open = false
  menu.querySelector("summary").focus()
})
addEventListener("turbo:submit-end", ({ detail }) => {
  const form = detail.formSubmission.formElement
  const fold = isDone(detail) && form.closest("[data-closes]") && form.closest("details")
  if (fold) fold.open = false
})
