// Remembers how far the element with `data-place` was scrolled on each page of the history, and scrolls there when
// a person comes back. Another page of the list begins at its top.

const places = new Map()
let comesBack = false
let before

const visit = () => history.state?.turbo?.restorationIdentifier

addEventListener("scroll", ({ target }) => target.matches?.("[data-place]") && places.set(visit(), target.scrollTop), true)
addEventListener("turbo:visit", ({ detail }) => (comesBack = detail.action === "restore"))
addEventListener("turbo:load", () => {
  const element = document.querySelector("[data-place]")
  if (element && comesBack) element.scrollTop = places.get(visit()) ?? 0
  else if (element && before && before !== location.href) element.scrollTop = 0
  before = location.href
})
