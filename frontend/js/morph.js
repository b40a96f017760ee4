// How a new version of a page takes the place of the old one.

import { morphElements } from "@hotwired/turbo"

// What a person typed, ticked or unfolded stays.
addEventListener("turbo:before-morph-attribute", (event) => {
  const { attributeName: name } = event.detail
  const element = event.target
  const stays =
    (name === "open" && element.matches("details, dialog")) ||
    (name === "value" && element.matches("input:not([type=hidden])") && element.value !== element.defaultValue) ||
    (name === "checked" && element.checked !== element.defaultChecked)
  if (stays) event.preventDefault()
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
  // What a person asked to see, and a page that is asked for again does not show.
  const isKept = element.matches("[data-kept]")
  if (isTyped || isKept) event.preventDefault()
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
