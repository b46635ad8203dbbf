import { Component, type ComponentChildren } from "preact";
import { texts } from "../texts";
import { Untrusted } from "./untrusted";

interface Props {
  readonly children: ComponentChildren;
}

interface State {
  readonly error: unknown;
}

/** Catches what a view throws while it renders, and offers to load the view again. */
export class Boundary extends Component<Props, State> {
  override state: State = { error: null };

  static override getDerivedStateFromError(error: unknown): State {
    return { error: error ?? new Error() };
  }

  override componentDidCatch(error: unknown): void {
    console.warn("the view failed:", error);
  }

  render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const message = error instanceof Error ? error.message : String(error);
    return (
      <div class="state failure" role="alert" data-kind="view">
        <p class="state-title">
          <span class="failure-sign" aria-hidden="true">
            !
          </span>
          {texts.viewFailed}
        </p>
        <p>{texts.viewFailedAdvice}</p>
        <p class="failure-message">
          {texts.serverSays} <Untrusted text={message} />
        </p>
        <button type="button" class="button" onClick={() => this.setState({ error: null })}>
          {texts.reloadView}
        </button>
      </div>
    );
  }
}
