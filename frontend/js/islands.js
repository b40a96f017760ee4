// Islands: `<rust-island name="…" data-props="…">`. An island hydrates when its element enters the page (by
// the parser, Turbo or a morph) and is dropped when the element leaves.

const folder = () => `/pkg/${document.documentElement.dataset.build}`

let wasm
const load = () =>
  (wasm ??= import(`${folder()}/reelroom.js`).then(async (module) => {
    const { memory } = await module.default({ module_or_path: `${folder()}/reelroom_bg.wasm` })
    // For the benchmark.
    globalThis.wasmBytes = () => memory.buffer.byteLength
    return module
  }))

class RustIsland extends HTMLElement {
  connectedCallback() {
    this.begin()
  }

  disconnectedCallback() {
    // A moved element is reconnected at once, and the island stays.
    queueMicrotask(() => this.isConnected || this.finish())
  }

  async begin() {
    const module = await load()
    const name = this.getAttribute("name")
    if (!this.isConnected || this.end || !name) return
    this.language = document.documentElement.lang
    module[name](this)
    this.dataset.alive = ""
  }

  finish() {
    this.end?.()
    this.end = this.props = undefined
  }

  /** Updates to a newer version. `isSent`: the server has answered the form with these values. */
  renew(fresh, isSent) {
    const { props } = fresh.dataset
    // A morph creates a new element empty.
    const isOther = this.language && this.language !== document.documentElement.lang
    if (!this.hasAttribute("name")) this.setAttribute("name", fresh.getAttribute("name"))
    else if (!isOther && !isSent && props === this.dataset.props) return
    if (this.props && !isOther && !isSent) {
      this.props(props)
      this.dataset.props = props
      return
    }
    this.finish()
    delete this.dataset.alive
    this.dataset.props = props
    const typed = isSent ? [] : [...this.querySelectorAll("[name]")]
    this.innerHTML = fresh.innerHTML
    // In another language with what was typed, which the island reads from its fields.
    for (const { name, value, checked } of typed) {
      const field = this.querySelector(`[name="${name}"]`)
      if (field) Object.assign(field, { value, checked })
    }
    this.begin()
  }
}
customElements.define("rust-island", RustIsland)
