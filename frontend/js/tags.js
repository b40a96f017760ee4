// Suggests tags in the list of an input with `data-tags`, the id of a recording: each is what is typed before the
// last comma, and a tag that contains the rest.

const PAUSE = 150

let due

addEventListener("input", ({ target, isComposing }) => {
  if (!target.matches("input[data-tags]") || isComposing) return
  clearTimeout(due)
  due = setTimeout(suggest, PAUSE, target)
})

async function suggest(field) {
  const typed = field.value
  const [before, q] = /^(.*[,，]\s*)?(.*)$/.exec(typed).slice(1)
  const body = new URLSearchParams({ id: field.dataset.tags, q })
  const answer = await fetch("/fn/suggest_tags", { method: "POST", headers: { accept: "application/json" }, body }).catch(() => undefined)
  // Ignores an outdated response.
  if (!answer?.ok || field.value !== typed) return
  const tags = await answer.json()
  if (!field.list) return
  // A live update keeps them.
  field.list.dataset.kept = ""
  field.list.replaceChildren(...tags.map(([tag, label]) => new Option(label, (before ?? "") + tag)))
}
