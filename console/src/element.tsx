import { render } from "preact";
import { makeApi } from "./api/client";
import { ConsoleContext } from "./state/context";
import { makeOwnNavigation } from "./state/navigation";
import { openPreferences } from "./state/preferences";
import { adoptStyle } from "./style/adopt";
import { TrailView } from "./views/trail/trail";

/**
 * `<audit-trail api="https://…" tenant="acme">`: the trail and its events in somebody else's page.
 *
 * `api` is the address before `/audit-logs`; without it, the page's own host. Set the property
 * `getToken` before the element is connected: a function that returns a promise of the value of
 * the header `Authorization`, or of null for none. The element keeps nothing in the URL.
 */
export class AuditTrail extends HTMLElement {
  /** A method: a field would replace what the page has set before the element was defined. */
  async getToken(): Promise<string | null> {
    return null;
  }

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    adoptStyle(root);
    const api = this.getAttribute("api") ?? "";
    const context = {
      settings: { api },
      api: makeApi(api, () => this.getToken()),
      navigation: makeOwnNavigation({ tenantId: this.getAttribute("tenant") ?? "" }),
      preferences: openPreferences(null),
    };
    render(
      <ConsoleContext.Provider value={context}>
        <TrailView />
      </ConsoleContext.Provider>,
      root,
    );
  }

  disconnectedCallback(): void {
    if (this.shadowRoot) render(null, this.shadowRoot);
  }
}

customElements.define("audit-trail", AuditTrail);
