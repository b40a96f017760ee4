// Morphs the page into a newer version of itself.

import { morphElements } from "@hotwired/turbo"

// Keeps what a person typed, ticked or unfolded until the server accepts it; from then on the page shows the
// server's values. A button with `data-keeps` sends its form without resetting the fields.

const FIELDS = "input:not([type=hidden]), textarea, select, rust-island"

/** Elements that the response to a form may overwrite although a person changed them. */
let taken = new WeakSet()
/** Fields that the current morph has changed: it sets the attribute first, then the value. */
let changed = new WeakSet()
/** Fields in which something was typed since their form was sent. */
const touched = new WeakSet()

addEventListener("input", (event) => touched.add(event.target))
addEventListener("turbo:submit-start", ({ detail }) => {
  for (const field of detail.formSubmission.formElement.elements) touched.delete(field)
})
addEventListener("turbo:submit-end", ({ detail }) => {
  const form = detail.formSubmission.formElement
  // An island restarts with the values and errors of the response.
  if (detail.fetchResponse) for (const island of form.querySelectorAll("rust-island")) taken.add(island)
  if (!isDone(detail) || detail.formSubmission.submitter?.hasAttribute("data-keeps")) return
  for (const field of form.elements) if (!touched.has(field)) taken.add(field)
})
addEventListener("turbo:render", () => (taken = new WeakSet()))

/** Whether the server accepted a form: the address of the response has no error. */
export const isDone = ({ success, fetchResponse }) => success && !fetchResponse.location.searchParams.has("failed")

export const isTicked = (field) => ["checkbox", "radio"].includes(field.type)
export const isChanged = (field) =>
  field.matches("select")
    ? [...field.options].some((option) => option.selected !== option.defaultSelected)
    : field.value !== field.defaultValue || field.checked !== field.defaultChecked

/** Whether a morph keeps a field's value. A search follows the address but for fields that changed meanwhile. */
const isKept = (field) =>
  field.closest("form[data-follow]")
    ? field === document.activeElement || touched.has(field)
    : (isChanged(field) || touched.has(field)) && !taken.has(field) && !changed.has(field)

addEventListener("turbo:before-morph-attribute", (event) => {
  const { target: element } = event
  const { attributeName: name } = event.detail
  if (name === "popover" || (name === "open" && element.matches("details, dialog"))) event.preventDefault()
  if (!element.matches("input:not([type=hidden])") || name !== (isTicked(element) ? "checked" : "value")) return
  if (isKept(element)) event.preventDefault()
  else changed.add(element)
})
addEventListener("turbo:before-morph-element", (event) => {
  const { target: element, detail } = event
  if (!detail.newElement) return
  // An equal row needs no comparison of its parts, unless it has fields, whose values may differ.
  if (element.matches("tr, li, .row-box") && element.isEqualNode(detail.newElement) && !element.querySelector(FIELDS)) {
    event.preventDefault()
    return
  }
  // An island updates its own properties.
  if (element.renew) element.renew(detail.newElement, taken.has(element))
  // A frame keeps its content while a person uses it, or while it is of the same list (`data-of`).
  const isSame = () => element.closest(":popover-open") || element.dataset.of === detail.newElement.dataset.of
  if (element.matches("turbo-frame[data-of]") && isSame()) event.preventDefault()
  // The answer to the reader's action is unfolded, although a live update may have brought its card, folded, before.
  if (element.matches("details") && detail.newElement.matches("[open]:has([autofocus])")) element.open = true
  // `data-armed`: waits for its key to be pressed again (see keys.js). `data-kept`: content that a person
  // requested or that the browser found out, and that a refreshed page does not contain.
  if (element.renew || element.matches("[data-armed], [data-kept]") || (element.matches("textarea, select") && isKept(element))) {
    event.preventDefault()
  }
})

/** Shows a newer version of this page. */
export function show(fresh) {
  adopt(fresh)
  document.title = fresh.title
  begin()
  morphElements(document.body, fresh.body)
  keepFocus()
  announce()
}

/** Keeps the focus on the page when the focused element is removed: moves it to the answer to the reader's
 *  action, which has `autofocus`, or else to `[data-focus]`. */
// The focus of what became inert is gone a moment later.
const hasFocus = () => document.activeElement !== document.body && !document.activeElement.closest("[inert]")
let hadFocus = false
function keepFocus() {
  if (!hadFocus || hasFocus()) return
  const target = document.querySelector("main [autofocus]") ?? document.querySelector("[data-focus]")
  target?.focus()
}
function begin() {
  hadFocus = hasFocus()
  changed = new WeakSet()
}
addEventListener("turbo:before-render", begin)
addEventListener("turbo:render", keepFocus)

/** Copies the attributes of <html>, which a morph of the body leaves out. */
function adopt(fresh) {
  for (const { name, value } of fresh.documentElement.attributes) document.documentElement.setAttribute(name, value)
}

// Visits within the same page, or between pages with the same list, morph too. This keeps scroll positions,
// open folds and the focus.
addEventListener("turbo:before-render", (event) => {
  const { newBody, renderMethod } = event.detail
  adopt(newBody.ownerDocument)
  const [was, now] = [document.body, newBody].map((body) => body.querySelector("main"))
  if (renderMethod !== "replace" || !was || !now) return
  const same = was.dataset.page === now.dataset.page
  const shared = was.dataset.list && was.dataset.list === now.dataset.list
  if (!same && !shared) return
  event.detail.render = async (body, fresh) => {
    // Replaces the panel as a whole: ids that occur in both panels would make the morph mix them up.
    const [old, other] = same ? [] : [body, fresh].map((body) => body.querySelector("#detail"))
    if (old && other) old.replaceWith(document.importNode(other, true))
    morphElements(body, fresh)
    announce()
  }
})

// Announces changes to screen readers: the text of `data-announce`, whenever it changes. After the reader's
// own form changed it, the panel scrolls to the top, where the next step is.
let announced = ""
let hasSent = false
const said = () => document.querySelector("[data-announce]")?.dataset.announce ?? ""
function announce() {
  const text = said()
  if (text !== announced) {
    document.querySelector("#announce")?.replaceChildren(text)
    if (hasSent) document.querySelector("[data-announce] .scroll")?.scrollTo(0, 0)
  }
  announced = text
}
addEventListener("turbo:submit-start", () => (hasSent = true))
addEventListener("turbo:morph", announce)
addEventListener("turbo:load", () => {
  announced = said()
  hasSent = false
})
