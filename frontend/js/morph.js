// How a new version of a page takes the place of the old one.

import { morphElements } from "@hotwired/turbo"

// What a person typed, ticked or unfolded stays, until the server has taken it: then the page says what
// stands there. A form that was refused comes back with `failed` in its address. A button with `data-keeps`
// sends its form and leaves what was typed in it. A fold with `data-closes` is for one form: once that is
// taken, it is as the page says.

/** What the page at hand may change although a person did. */
let taken = new WeakSet()
/** Fields in which something was typed since their form was sent. */
const touched = new WeakSet()

addEventListener("input", (event) => touched.add(event.target))
addEventListener("turbo:submit-start", (event) => {
  for (const field of event.target.elements) touched.delete(field)
})
addEventListener("turbo:submit-end", (event) => {
  const { success, fetchResponse, formSubmission } = event.detail
  const isRefused = !success || fetchResponse.location.searchParams.has("failed")
  if (isRefused || formSubmission.submitter?.hasAttribute("data-keeps")) return
  for (const field of event.target.elements) if (!touched.has(field)) taken.add(field)
  const fold = event.target.closest("[data-closes]")
  if (fold) taken.add(fold)
})
addEventListener("turbo:render", () => (taken = new WeakSet()))

addEventListener("turbo:before-morph-attribute", (event) => {
  const { attributeName: name } = event.detail
  const element = event.target
  if (taken.has(element)) return
  const stays =
    (name === "open" && element.matches("details, dialog")) ||
    (name === "value" && element.matches("input:not([type=hidden])") && element.value !== element.defaultValue) ||
    (name === "checked" && element.checked !== element.defaultChecked)
  if (stays) event.preventDefault()
  // Its attribute changes first, and then what it holds: that was not typed.
  else if (name === (["checkbox", "radio"].includes(element.type) ? "checked" : "value")) taken.add(element)
})
addEventListener("turbo:before-morph-element", (event) => {
  const { target: element, detail } = event
  // An island takes its new properties itself.
  if (element.renew && detail.newElement) {
    event.preventDefault()
    element.renew(detail.newElement)
  }
  const isTyped =
    (element.matches("textarea") && element.value !== element.defaultValue) ||
    (element.matches("select") && [...element.options].some((option) => option.selected !== option.defaultSelected))
  if (isTyped && !taken.has(element)) event.preventDefault()
})

// A visit within the same page, or between pages with the same list, is a morph too: scroll positions,
// folds and focus stay.
addEventListener("turbo:before-render", (event) => {
  const { newBody, renderMethod } = event.detail
  const [was, now] = [document.body, newBody].map((body) => body.querySelector("main"))
  if (renderMethod !== "replace" || !was || !now) return
  const same = was.dataset.page === now.dataset.page
  const shared = was.dataset.list && was.dataset.list === now.dataset.list
  if (!same && !shared) return
  event.detail.render = async (body, fresh) => {
    // Ids that two things have inside would make the morph take one for the other.
    for (const id of shared && !same ? ["detail"] : []) {
      const [old, other] = [body, fresh].map((body) => body.querySelector(`#${id}`))
      if (old && other) old.replaceWith(document.importNode(other, true))
    }
    morphElements(body, fresh)
    announce()
  }
})

// What happened, for screen readers: a page says it in `data-announce`, and it is read when it changes.
let announced = ""
const said = () => document.querySelector("[data-announce]")?.dataset.announce ?? ""
function announce() {
  const text = said()
  if (text !== announced) document.querySelector("#announce")?.replaceChildren(text)
  announced = text
}
addEventListener("turbo:morph", announce)
addEventListener("turbo:load", () => (announced = said()))

// The attributes of <html> are the page's, too.
addEventListener("turbo:before-render", (event) => {
  const fresh = event.detail.newBody.parentElement
  for (const { name, value } of fresh?.attributes ?? []) document.documentElement.setAttribute(name, value)
})
