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

// ---- A later action of a person wins: after a link or another form, the response to this one changes nothing,
// but the server receives the form. By itself, Turbo cancels a request that may not have been sent yet, and shows
// a response over the later action if its body arrives after it. So the request is made here, without the signal
// that cancels it, and Turbo gets the response when it is complete.

addEventListener("turbo:before-fetch-request", ({ detail }) => {
  const { signal, ...options } = detail.fetchOptions
  if (options.method === "GET") return
  const cancelled = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
  detail.fetchRequest = { response: Promise.race([cancelled, complete(detail.url, options)]) }
})

async function complete(url, options) {
  const response = await fetch(url, options)
  const text = await response.text()
  // Turbo reads a clone, here without a pause in which another visit could begin.
  response.clone = () => ({ text: async () => text })
  return response
}

// ---- A form that was not sent, or got no answer, says so, until it is sent again.

addEventListener("turbo:fetch-request-error", ({ target }) => {
  if (target.matches("form")) target.append(document.querySelector("#no-answer").content.cloneNode(true))
})
addEventListener("turbo:submit-start", ({ target }) => target.querySelector(".no-answer")?.remove())

// ---- Menus that a rejected form leaves open: they become popovers, which Escape and a click elsewhere close.

for (const event of ["turbo:load", "turbo:render"])
  addEventListener(event, () => {
    for (const menu of document.querySelectorAll(".menu[data-open]")) {
      menu.popover = "auto"
      menu.togglePopover(true)
    }
  })

// A menu or fold closes when a form with `data-closes`, or in an element with it, or sent by a button with it,
// succeeds, and a menu when such a link is followed.
addEventListener("turbo:click", ({ target }) => target.closest("a[data-closes]")?.closest("[popover]")?.hidePopover())
addEventListener("turbo:submit-end", ({ detail }) => {
  const { formElement: form, submitter } = detail.formSubmission
  const closes = submitter?.matches("[data-closes]") ? submitter : form.closest("[data-closes]") && form
  const around = isDone(detail) && closes?.closest("details, [popover]")
  if (around?.popover) around.hidePopover()
  else if (around) around.open = false
})
