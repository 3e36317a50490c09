import * as vscode from 'vscode';

/** What the user did at one step. */
export type Answer<T> =
  { readonly kind: 'value'; readonly value: T } | { readonly kind: 'back' | 'cancelled' };

export interface StepFrame {
  readonly title: string;
  /** From 1. */
  readonly step: number;
  readonly totalSteps: number;
}

export interface InputStep extends StepFrame {
  readonly prompt: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** Why the text is not valid, shown while the user types. */
  readonly problemOf: (text: string) => string | undefined;
}

/** Asks for one line of text. The problem is shown below a text that is not valid, and the text stays. */
export function askText(step: InputStep): Promise<Answer<string>> {
  const box = vscode.window.createInputBox();
  box.prompt = step.prompt;
  box.value = step.value;
  box.placeholder = step.placeholder;
  box.password = step.password ?? false;
  return show(box, step, (answer) => [
    box.onDidChangeValue((text) => {
      // An empty box is not an error yet.
      box.validationMessage = text === '' ? undefined : step.problemOf(text.trim());
    }),
    box.onDidAccept(() => {
      const text = box.value.trim();
      box.validationMessage = step.problemOf(text);
      if (box.validationMessage === undefined) answer({ kind: 'value', value: text });
    }),
  ]);
}

export interface PickStep<T extends vscode.QuickPickItem> extends StepFrame {
  readonly placeholder: string;
  readonly items: readonly T[];
  readonly active?: T;
}

/** Asks for one of several items. */
export function askOne<T extends vscode.QuickPickItem>(step: PickStep<T>): Promise<Answer<T>> {
  const pick = vscode.window.createQuickPick<T>();
  pick.placeholder = step.placeholder;
  pick.items = step.items;
  pick.matchOnDescription = true;
  // Without this VS Code activates the first item. An empty list would leave Enter without effect.
  if (step.active !== undefined) pick.activeItems = [step.active];
  return show(pick, step, (answer) => [
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen !== undefined) answer({ kind: 'value', value: chosen });
    }),
  ]);
}

export interface PickManyStep<T extends vscode.QuickPickItem> extends StepFrame {
  readonly placeholder: string;
  /** Shown while the items are loading. */
  readonly loading: string;
  /** Never rejects: the hint says why there are no items. */
  readonly items: Promise<{
    readonly items: readonly T[];
    readonly picked: readonly T[];
    readonly hint?: string;
  }>;
  /** Turns typed text into an item, so that the user can pick what is not in the list. */
  readonly itemOf: (text: string) => T;
  /** Why the choice is not valid, shown instead of the placeholder. */
  readonly problemOf: (chosen: readonly T[]) => string | undefined;
}

/** Asks for any number of items from a list that may load slowly. The user can type an item that is not in it. */
export function askMany<T extends vscode.QuickPickItem>(
  step: PickManyStep<T>,
): Promise<Answer<readonly T[]>> {
  const pick = vscode.window.createQuickPick<T>();
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.placeholder = step.loading;
  pick.busy = true;
  let listed: readonly T[] = [];
  /** The text that was in the input when Enter only showed a problem. */
  let refused = '';
  /**
   * The checked items at the last keystroke, or when the list arrived. If they have changed since, the text was a
   * filter.
   */
  let checked = '';
  let shown = true;
  pick.onDidHide(() => {
    shown = false;
  });
  const nowChecked = () => pick.selectedItems.map((item) => item.label).join('\n');
  const list = (items: readonly T[], isPicked: (item: T) => boolean) => {
    listed = items;
    pick.items = items;
    pick.selectedItems = items.filter(isPicked);
    checked = nowChecked();
  };
  const isChosen = (label: string) => pick.selectedItems.some((item) => item.label === label);
  const choose = (label: string) => {
    const chosen = new Set([...pick.selectedItems.map((item) => item.label), label]);
    const isListed = listed.some((item) => item.label === label);
    list(isListed ? listed : [step.itemOf(label), ...listed], (item) => chosen.has(item.label));
    pick.value = '';
  };
  void step.items.then(({ items, picked, hint }) => {
    if (!shown) return;
    // Keeps what the user typed while the items were loading.
    const chosen = new Set([...pick.selectedItems, ...picked].map((item) => item.label));
    const labels = new Set(items.map((item) => item.label));
    const typed = listed.filter((item) => !labels.has(item.label));
    list([...typed, ...items], (item) => chosen.has(item.label));
    pick.busy = false;
    pick.placeholder = hint ?? step.placeholder;
  });
  const isName = (text: string) => {
    const holding = listed.filter((item) => item.label.includes(text));
    if (holding.length === 0) return true;
    return holding.some((item) => item.label === text) ? nowChecked() === checked : text === refused;
  };
  return show(pick, step, (answer) => [
    pick.onDidChangeValue(() => {
      checked = nowChecked();
    }),
    pick.onDidAccept(() => {
      const text = pick.value.trim();
      if (text !== '' && isName(text) && !isChosen(text)) {
        // The user sees it in the list before the step ends.
        choose(text);
        return;
      }
      const problem = step.problemOf(pick.selectedItems);
      if (problem === undefined) {
        answer({ kind: 'value', value: pick.selectedItems });
        return;
      }
      refused = text;
      pick.placeholder = problem;
      pick.value = '';
    }),
  ]);
}

/** Shows an input until the user answers, goes back or closes it. It stays open when it loses the focus. */
function show<T>(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  frame: StepFrame,
  listen: (answer: (value: Answer<T>) => void) => vscode.Disposable[],
): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const answer = (value: Answer<T>) => {
      resolve(value);
      subscriptions.dispose();
      input.dispose();
    };
    input.title = frame.title;
    input.step = frame.step;
    input.totalSteps = frame.totalSteps;
    input.ignoreFocusOut = true;
    input.buttons = frame.step > 1 ? [vscode.QuickInputButtons.Back] : [];
    const subscriptions = vscode.Disposable.from(
      input.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) answer({ kind: 'back' });
      }),
      input.onDidHide(() => {
        answer({ kind: 'cancelled' });
      }),
      ...listen(answer),
    );
    input.show();
  });
}
