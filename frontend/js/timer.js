// `<run-timer since="…">`: the time elapsed since a moment, by the server's clock, which the page contains.
// The timer stops while the server is unreachable.

const html = document.documentElement
const two = (number) => String(number).padStart(2, "0")

/** Milliseconds that the server's clock is ahead of this one, from the page and then from `beat` events. */
const skew = () => Number(html.dataset.skew)
const [navigation] = performance.getEntriesByType("navigation")
html.dataset.skew = Number(html.dataset.now) - (performance.timeOrigin + (navigation?.responseStart ?? 0))

class RunTimer extends HTMLElement {
  connectedCallback() {
    this.tick = setInterval(() => this.show(), 1000)
  }

  disconnectedCallback() {
    clearInterval(this.tick)
  }

  show() {
    if (html.dataset.silent) return
    const seconds = Math.max(0, Math.floor((Date.now() + skew() - Number(this.getAttribute("since"))) / 1000))
    this.textContent = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => two(Math.floor(part))).join(":")
  }
}
customElements.define("run-timer", RunTimer)
