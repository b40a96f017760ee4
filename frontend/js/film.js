// The filmstrip of a recording in the library: while the pointer rests on its picture (`data-film`), or its link has
// the focus, a larger picture shows the time that the pointer points at. It stands below or above the row, and nothing
// is loaded before.

const DELAY = 200
/** The number of small pictures. */
const SMALL = 8

/** The picture of the row, and how far from its left the pointer is, from 0 to 1. */
let poster
let share = 0
let due
/** What is shown: its element and the times of its pictures. */
let film

const pictureOf = (element) => element?.closest?.(".recs tr")?.querySelector("[data-film]")

// The link of a row covers its picture, so places are compared.
addEventListener("pointermove", ({ target, pointerType, clientX, clientY }) => {
  const picture = pointerType === "mouse" ? pictureOf(target) : undefined
  const box = picture?.getBoundingClientRect()
  const isOver = box && clientX >= box.left && clientX < box.right && clientY >= box.top && clientY < box.bottom
  if (isOver) show(picture, (clientX - box.left) / box.width)
  else if (poster) hide()
})
addEventListener("focusin", ({ target }) => {
  const picture = target.matches?.("a:focus-visible") ? pictureOf(target) : undefined
  if (picture) show(picture, 0)
  else hide()
})
addEventListener("scroll", () => film && hide(), true)
addEventListener("keydown", ({ key }) => key === "Escape" && hide())
// An update of the page keeps the row, and takes away what the server did not render.
addEventListener("turbo:render", () => {
  if (!poster?.isConnected) hide()
  else if (film) {
    document.body.append(film.element)
    place(film.element, poster)
  }
})

function hide() {
  clearTimeout(due)
  film?.element.remove()
  film = poster = undefined
}

function show(picture, at) {
  share = at
  if (picture === poster) return film && draw()
  hide()
  poster = picture
  due = setTimeout(load, DELAY, picture)
}

async function load(picture) {
  const folder = picture.dataset.film
  const answer = await fetch(`${folder}/strip.vtt`).catch(() => undefined)
  const text = answer?.ok ? await answer.text().catch(() => "") : ""
  const times = [...text.matchAll(/^([\d:]+)\.\d+ --> ([\d:]+)/gm)]
  const [, width, height] = /#xywh=\d+,\d+,(\d+),(\d+)/.exec(text) ?? []
  if (picture !== poster || !width) return
  const element = document.createElement("div")
  element.className = "film"
  element.ariaHidden = "true"
  const small = document.createElement("div")
  for (let n = 0; n < SMALL; n++) small.append(document.createElement("i"))
  const time = document.createElement("p")
  element.append(document.createElement("i"), small, time)
  film = { element, times: times.map(([, from]) => from), end: times.at(-1)[2] }
  for (const [n, part] of element.querySelectorAll("i").entries()) {
    Object.assign(part.style, { aspectRatio: `${width} / ${height}`, backgroundImage: `url("${folder}/strip.jpg")`, backgroundSize: `${times.length * 100}% 100%` })
    if (n > 0) point(part, Math.floor(((n - 1) * times.length) / SMALL))
  }
  document.body.append(element)
  place(element, picture)
  draw()
}

/** Shows the picture of this number. */
function point(part, number) {
  part.style.backgroundPositionX = `${(number / Math.max(1, film.times.length - 1)) * 100}%`
}

function draw() {
  const { element, times, end } = film
  const number = Math.min(times.length - 1, Math.floor(share * times.length))
  const [large, ...small] = element.querySelectorAll("i")
  point(large, number)
  const near = Math.min(SMALL - 1, Math.floor(share * SMALL))
  for (const [n, part] of small.entries()) part.classList.toggle("on", n === near)
  element.querySelector("p").textContent = `${times[number]} / ${end}`
}

/** Below the row, or above it where there is no room; never over it. */
function place(element, picture) {
  const row = picture.closest("tr").getBoundingClientRect()
  const { offsetWidth, offsetHeight } = element
  const below = row.bottom + 6
  const left = Math.min(picture.getBoundingClientRect().left - 6, innerWidth - offsetWidth - 8)
  const top = below + offsetHeight < innerHeight ? below : row.top - 6 - offsetHeight
  Object.assign(element.style, { left: `${Math.max(8, left)}px`, top: `${top}px` })
}
