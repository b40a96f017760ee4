// How a new version of a page takes the place of the old one.

import { morphElements } from "@hotwired/turbo"

// What was typed into a form that was sent has arrived: with its answer, its fields are the server's again.
let sent
let answered
addEventListener("turbo:submit-start", ({ detail }) => (sent = detail.formSubmission.formElement))
addEventListener("turbo:submit-end", ({ detail }) => detail.fetchResponse || (sent = undefined))
addEventListener("turbo:before-render", () => (answered = sent))
addEventListener("turbo:render", () => (sent = answered = undefined))
const isSent = (field) => answered && (field.form ?? field.closest("form")) === answered

/** Whether a morph leaves the text of a field. A search shows what the address says, unless a person is at it. */
const isKept = (field) =>
  field.closest("form[data-follow]") ? field === document.activeElement : field.value !== field.defaultValue && !isSent(field)

// What a person typed, ticked or unfolded stays.
addEventListener("turbo:before-morph-attribute", (event) => {
  const { attributeName: name } = event.detail
  const element = event.target
  const stays =
    (name === "open" && element.matches("details, dialog")) ||
    (name === "value" && element.matches("input:not([type=hidden])") && isKept(element)) ||
    (name === "checked" && element.checked !== element.defaultChecked && !isSent(element))
  if (stays) event.preventDefault()
})
addEventListener("turbo:before-morph-element", (event) => {
  const { target: element, detail } = event
  // An island takes its new properties itself.
  if (element.renew && detail.newElement) {
    event.preventDefault()
    element.renew(detail.newElement, isSent(element))
  }
  // It asks for its key once more (see keys.js).
  if (detail.newElement && element.matches("[data-armed]")) event.preventDefault()
  const isTyped =
    (element.matches("textarea") && element.value !== element.defaultValue) ||
    (element.matches("select") && [...element.options].some((option) => option.selected !== option.defaultSelected))
  if (isTyped && !isSent(element)) event.preventDefault()
})

// What was sent and taken is no longer only typed.
addEventListener("turbo:submit-end", ({ target: form, detail }) => {
  if (!isDone(detail)) return
  for (const field of form.elements) {
    if ("defaultValue" in field) field.defaultValue = field.value
    if ("defaultChecked" in field) field.defaultChecked = field.checked
    for (const option of field.options ?? []) option.defaultSelected = option.selected
  }
})

/** Whether a form was taken: its page comes without an error in the address. */
export const isDone = ({ success, fetchResponse }) => success && !fetchResponse.location.searchParams.has("failed")

/** Shows a newer version of this page. */
export function show(fresh) {
  adopt(fresh)
  document.title = fresh.title
  morph(document.body, fresh.body)
}

/** Morphs the page. The focus goes to `[data-focus]` where what had it is gone. */
function morph(body, fresh, prepare = () => {}) {
  const hadFocus = document.activeElement !== document.body
  prepare()
  morphElements(body, fresh)
  if (hadFocus && document.activeElement === document.body) document.querySelector("[data-focus]")?.focus()
  announce()
}

/** The attributes of <html> are the page's, too. */
function adopt(fresh) {
  for (const { name, value } of fresh.documentElement.attributes) document.documentElement.setAttribute(name, value)
}

// A visit within the same page, or between pages with the same list, is a morph too: scroll positions,
// folds and focus stay.
addEventListener("turbo:before-render", (event) => {
  const { newBody, renderMethod } = event.detail
  adopt(newBody.ownerDocument)
  const [was, now] = [document.body, newBody].map((body) => body.querySelector("main"))
  if (renderMethod !== "replace" || !was || !now) return
  const same = was.dataset.page === now.dataset.page
  const shared = was.dataset.list && was.dataset.list === now.dataset.list
  if (!same && !shared) return
  event.detail.render = async (body, fresh) => {
    // Ids that two things have inside would make the morph take one for the other.
    morph(body, fresh, () => {
      if (same) return
      const [old, other] = [body, fresh].map((body) => body.querySelector("#detail"))
      if (old && other) old.replaceWith(document.importNode(other, true))
    })
  }
})

// What happened, for screen readers: a page says it in `data-announce`, and it is read when it changes.
// Where the reader's own form changed it, the page begins anew at its top, where the next step is.
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
