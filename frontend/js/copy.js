// `<copy-button text="…" done="Copied">` around a button: copies the text and shows `done` for two seconds.
// Ignores a second press in that time.

class CopyButton extends HTMLElement {
  connectedCallback() {
    this.onclick = () => this.copy()
  }

  async copy() {
    const word = this.querySelector("[aria-live]")
    const done = this.getAttribute("done")
    const before = word.textContent
    if (!(await write(this.getAttribute("text"))) || before === done) return
    word.textContent = done
    // A live update leaves it.
    word.dataset.kept = ""
    setTimeout(() => {
      word.textContent = before
      delete word.dataset.kept
    }, 2000)
  }
}
customElements.define("copy-button", CopyButton)

/** Copies the text and returns whether it succeeded. On plain HTTP browsers have only the old API. */
async function write(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement("textarea")
    field.value = text
    document.body.append(field)
    field.select()
    const copied = document.execCommand("copy")
    field.remove()
    return copied
  }
}
