// The calendar of the library: a drag from one day to another lists the recordings of all days between them.

import { visit } from "@hotwired/turbo"

const DAYS = ".cal-d a"

const linkAt = ({ target }) => target.closest?.(DAYS)
const dayOf = (link) => new URL(link.href).searchParams.get("from")

/** The day at which the drag began. */
let first
/** The first and the last day of the drag, once it has reached another day. */
let range

// Not by touch, which scrolls.
addEventListener("pointerdown", (event) => {
  range = undefined
  first = event.button === 0 && event.pointerType !== "touch" ? linkAt(event) : undefined
})
// The browser would drag the link itself.
addEventListener("dragstart", (event) => linkAt(event) && event.preventDefault())

addEventListener("pointerover", (event) => {
  const link = first && linkAt(event)
  if (!link || (link === first && !range)) return
  range = [first, link].map(dayOf).sort()
  pick()
})

addEventListener("pointerup", (event) => {
  const link = first && linkAt(event)
  // On the first day again, it is a click on that day.
  if (link && range && link !== first) {
    const url = new URL(link.href)
    url.searchParams.set("from", range[0])
    url.searchParams.set("to", range[1])
    visit(url.href)
  } else {
    range = undefined
    pick()
  }
  first = undefined
})

/** Marks the days of the range. */
function pick() {
  for (const link of document.querySelectorAll(DAYS)) {
    const day = dayOf(link)
    link.toggleAttribute("data-picked", !!range && range[0] <= day && day <= range[1])
  }
}
