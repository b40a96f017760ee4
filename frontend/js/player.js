// `<media-player file="…">` around a `<video>` and the links to what else can be played. A link is a visit
// of the same page, which changes `file` and the source of the video: it goes on at the same time of the
// wall clock (`data-start` is that of its beginning), and plays if it played. Keys work anywhere on the page.

import { mayAct } from "./keys.js"

/** Seconds; a browser does not tell how many frames a file has, 25 a second are usual. */
const FRAME = 0.04

const move = (media, seconds) => (media.currentTime = Math.max(0, media.currentTime + seconds))
const step = (media, seconds) => {
  media.pause()
  move(media, seconds)
}
// What cannot be played, or not be shown so large, says so in its own place.
const play = (media) => media.play().catch(() => {})
const playOrPause = (media) => (media.paused ? play(media) : media.pause())
const enlarge = (media) => (document.fullscreenElement ? document.exitFullscreen() : media.requestFullscreen().catch(() => {}))

const held = {
  ArrowLeft: (media, { shiftKey }) => move(media, shiftKey ? -30 : -5),
  ArrowRight: (media, { shiftKey }) => move(media, shiftKey ? 30 : 5),
  ",": (media) => step(media, -FRAME),
  ".": (media) => step(media, FRAME),
}
const once = { " ": playOrPause, m: (media) => (media.muted = !media.muted), f: enlarge }

class MediaPlayer extends HTMLElement {
  static observedAttributes = ["file"]

  connectedCallback() {
    document.addEventListener("keydown", this)
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this)
  }

  get media() {
    return this.querySelector("video")
  }

  attributeChangedCallback(_, before) {
    if (before === null) return
    if (this.media) {
      const { currentTime, paused, dataset } = this.media
      this.left = { currentTime, paused, start: dataset.start }
    }
    // The new source is there once the whole page is.
    queueMicrotask(() => this.goOn())
  }

  goOn() {
    const { media, left } = this
    if (!media || !left) return
    // Where one beginning is not known, both are taken for the same.
    const later = (Number(media.dataset.start ?? left.start) - Number(left.start ?? media.dataset.start)) / 1000
    media.currentTime = Math.max(0, left.currentTime - (later || 0))
    if (!left.paused) play(media)
  }

  handleEvent(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const act = held[key] ?? (event.repeat ? undefined : once[key])
    // Space presses what has the focus.
    const presses = key === " " && document.activeElement?.matches("button, summary, input")
    if (!act || !this.media || presses || !mayAct(event)) return
    act(this.media, event)
    event.preventDefault()
  }
}
customElements.define("media-player", MediaPlayer)
