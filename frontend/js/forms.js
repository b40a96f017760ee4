// Buttons and menus while their form is being sent, and afterwards.

import { config } from "@hotwired/turbo"
import { isDone } from "./morph.js"

// Not `disabled`, which would take the focus from the button.
config.forms.submitter = "aria-disabled"

// Shows progress on a button: `data-busy="Stopping"` in its `[data-word]`. Changes only the text and keeps
// the nodes, because an island that hydrates meanwhile needs them.
addEventListener("turbo:submit-start", ({ detail }) => {
  const { submitter } = detail.formSubmission
  const text = submitter?.querySelector("[data-word]")?.firstChild
  if (!text || !submitter.dataset.busy) return
  const before = text.data
  text.data = submitter.dataset.busy
  addEventListener("turbo:submit-end", () => (text.data = before), { once: true })
})

// ---- Menus that open without scripts, `<details class="drop">`: they close on Escape and on a click
// elsewhere. Any `<details>` closes when a form with `data-closes`, or in a `<details>` with it, succeeds.

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
