// Remembers how far the element with `data-place` was scrolled on each page of the history, and scrolls there when
// a person comes back. Another page of the list begins at its top. `data-place` is the address of the list where it
// may differ from that of the page: a panel beside the list has addresses of its own.

const places = new Map()
let comesBack = false
let before

const visit = () => history.state?.turbo?.restorationIdentifier

addEventListener("scroll", ({ target }) => target.matches?.("[data-place]") && places.set(visit(), target.scrollTop), true)
addEventListener("turbo:visit", ({ detail }) => (comesBack = detail.action === "restore"))
addEventListener("turbo:load", () => {
  const element = document.querySelector("[data-place]")
  const list = element?.dataset.place || location.href
  if (element && comesBack) element.scrollTop = places.get(visit()) ?? 0
  else if (element && before && before !== list) element.scrollTop = 0
  if (element) places.set(visit(), element.scrollTop)
  before = list
})
