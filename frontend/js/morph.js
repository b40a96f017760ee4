// How a new version of a page takes the place of the old one.

import { morphElements } from "@hotwired/turbo"

// What a person typed, ticked or unfolded stays, until the server has taken it: then the page says what
// stands there. A button with `data-keeps` sends its form and leaves what was typed in it.

/** What the page at hand may change although a person did. */
let taken = new WeakSet()
/** Fields in which something was typed since their form was sent. */
const touched = new WeakSet()

addEventListener("input", (event) => touched.add(event.target))
addEventListener("turbo:submit-start", ({ target: form }) => {
  for (const field of form.elements) touched.delete(field)
})
addEventListener("turbo:submit-end", ({ target: form, detail }) => {
  // An island begins anew: it shows what the server says of its form.
  if (detail.fetchResponse) for (const island of form.querySelectorAll("rust-island")) taken.add(island)
  if (!isDone(detail) || detail.formSubmission.submitter?.hasAttribute("data-keeps")) return
  for (const field of form.elements) if (!touched.has(field)) taken.add(field)
})
addEventListener("turbo:render", () => (taken = new WeakSet()))

/** Whether a form was taken: its page comes without an error in the address. */
export const isDone = ({ success, fetchResponse }) => success && !fetchResponse.location.searchParams.has("failed")

const isTicked = (field) => ["checkbox", "radio"].includes(field.type)
const isChanged = (field) =>
  field.matches("select")
    ? [...field.options].some((option) => option.selected !== option.defaultSelected)
    : field.value !== field.defaultValue || field.checked !== field.defaultChecked

/** Whether a morph leaves what a field holds. A search shows what the address says, unless a person is at it. */
const isKept = (field) =>
  field.closest("form[data-follow]") ? field === document.activeElement : isChanged(field) && !taken.has(field)

addEventListener("turbo:before-morph-attribute", (event) => {
  const { target: element } = event
  const { attributeName: name } = event.detail
  if (name === "open" && element.matches("details, dialog")) event.preventDefault()
  if (!element.matches("input:not([type=hidden])") || name !== (isTicked(element) ? "checked" : "value")) return
  if (isKept(element)) event.preventDefault()
  // Its attribute changes first, and then what it holds: that was not typed.
  else taken.add(element)
})
addEventListener("turbo:before-morph-element", (event) => {
  const { target: element, detail } = event
  if (!detail.newElement) return
  // An island takes its new properties itself.
  if (element.renew) element.renew(detail.newElement, taken.has(element))
  // `data-armed`: it asks for its key once more (see keys.js). `data-kept`: what a person asked to see, and
  // a page that is asked for again does not show.
  if (element.renew || element.matches("[data-armed], [data-kept]") || (element.matches("textarea, select") && isKept(element))) {
    event.preventDefault()
  }
})

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
