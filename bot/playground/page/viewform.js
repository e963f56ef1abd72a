// One view of a modal as a form: fields, their errors, what was typed.

import { press } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { control } from "./inputs.js";
import { store } from "./store.js";
import { words } from "./texts.js";

let forms = 0;

function plain(state) {
  const option = state.selected_option && state.selected_option.value;
  const options = state.selected_options?.map((each) => each.value);
  const ids =
    state.selected_users ??
    state.selected_user ??
    state.selected_date ??
    state.selected_conversation ??
    state.selected_channel;
  return state.value ?? option ?? options ?? ids ?? null;
}

// What the workspace holds of a form that was open before the page was: its state, where it has one.
function held(view) {
  const found = new Map();
  for (const [block, actions] of Object.entries(view.state?.values ?? {})) {
    for (const [action, state] of Object.entries(actions)) {
      const value = plain(state);
      if (value !== null && value.length) found.set(`${block}/${action}/${state.type}`, { value });
    }
  }
  return found;
}

export class ViewForm {
  /** `kept` holds what was typed before, by block, action and type, and wins over initial values. */
  constructor(view, kept = held(view)) {
    this.view = view;
    this.kept = kept;
    this.prefix = `form-${(forms += 1)}`;
    this.fields = new Map();
    this.node = el("div", { class: "view" }, renderBlocks(view.blocks, this.#context()));
  }

  #context() {
    return {
      level: 3,
      act: (part, block, choice) => this.#act(part, block, choice),
      input: (block) => this.#field(block),
      control: (part, block) => this.#bare(part, block),
    };
  }

  // What the form holds goes along, so that the app can answer to it.
  #act({ action_id }, { block_id }, choice) {
    const where = { view_id: this.view.id, block_id, action_id };
    return press(store.as, { ...where, ...choice, values: this.values() });
  }

  #control(part, block, { label, tells }) {
    const id = `${this.prefix}-${this.fields.size}`;
    const name = `${block.block_id}/${part.action_id}/${part.type}`;
    const tell = async () => {
      if (!tells) return;
      const sentence = await this.#act(part, block, { option: this.fields.get(name).read() });
      if (sentence) this.#showError(this.fields.get(name), sentence);
    };
    const changed = () => {
      this.#clearError(name);
      if (part.type !== "plain_text_input") tell();
    };
    const made = control(part, {
      id,
      block,
      label,
      initial: this.kept.get(name)?.value,
      begun: this.kept.get(name)?.begun,
      changed,
      tell: tells ? tell : null,
    });
    if (made) this.fields.set(name, { ...made, id, part, block });
    return made && { ...made, id };
  }

  // A control in a section or a row of actions: it has no label and tells the app at once.
  #bare(part, block) {
    const label = words(part.placeholder) || words(block.text) || "Choose";
    const made = this.#control(part, block, { label, tells: true });
    made?.focus.setAttribute("aria-label", label);
    return made?.node ?? null;
  }

  #field(block) {
    const label = words(block.label);
    const made = this.#control(block.element, block, { label, tells: block.dispatch_action });
    if (!made)
      return el(
        "p",
        { class: "block unknown" },
        `This input is not known here: ${block.element.type}`,
      );
    const hint = block.hint && el("p", { class: "hint", id: `${made.id}-hint` }, words(block.hint));
    const error = el("p", { class: "error", id: `${made.id}-error`, hidden: true });
    const optional = block.optional && el("span", { class: "optional" }, " (optional)");
    const described = [`${made.id}-error`, hint?.id, made.extra].filter(Boolean).join(" ");
    const row = made.group
      ? el(
          "div",
          {
            class: "block field-row",
            role: made.group,
            "aria-labelledby": `${made.id}-label`,
            "aria-describedby": described,
          },
          el("span", { class: "label", id: `${made.id}-label` }, label, optional),
          made.node,
          hint,
          error,
        )
      : el(
          "div",
          { class: "block field-row" },
          el("label", { class: "label", for: made.id }, label, optional),
          made.node,
          hint,
          error,
        );
    if (!made.group) made.focus.setAttribute("aria-describedby", described);
    if (!made.group && !block.optional) made.focus.setAttribute("aria-required", "true");
    const name = `${block.block_id}/${block.element.action_id}/${block.element.type}`;
    Object.assign(this.fields.get(name), { error, row });
    return row;
  }

  /** What the form holds now, by block. */
  values() {
    return Object.fromEntries(
      [...this.fields.values()].map(({ block, read }) => [block.block_id, read()]),
    );
  }

  /** What the form holds now, for the view that takes its place; `begun` is half a name. */
  typed() {
    const held = ({ read, begun }) => ({ value: read(), begun: begun?.() });
    return new Map([...this.fields].map(([name, field]) => [name, held(field)]));
  }

  #marked = (field) => (field.group ? field.row : field.focus);

  #clearError(name) {
    const field = this.fields.get(name);
    if (!field?.error || field.error.hidden) return;
    field.error.hidden = true;
    field.error.textContent = "";
    this.#marked(field).removeAttribute("aria-invalid");
  }

  #showError(field, sentence) {
    if (!field.error) return;
    field.error.textContent = sentence;
    field.error.hidden = false;
    this.#marked(field).setAttribute("aria-invalid", "true");
  }

  /** Show each error at its field and go to the first; answers those that have no field. */
  showErrors(errors) {
    const left = { ...errors };
    let first = null;
    for (const [name, field] of this.fields) {
      this.#clearError(name);
      const sentence = errors[field.block.block_id];
      if (!sentence || !field.error) continue;
      delete left[field.block.block_id];
      this.#showError(field, sentence);
      first ??= field;
    }
    first?.focus.focus();
    first?.row.scrollIntoView({ block: "nearest" });
    return Object.values(left);
  }

  focusFirst() {
    const first = [...this.fields.values()][0]?.focus;
    first?.focus();
    return Boolean(first);
  }
}
