import { useId } from "preact/hooks";
import { useConsole } from "../state/context";
import { addRecent } from "../state/preferences";
import { texts } from "../texts";

/** As the API has it. */
const PATTERN = "[A-Za-z0-9._\\-]{1,64}";

/** Which tenant's trail is shown: for callers who may read any. The latest are offered. */
export function TenantChoice() {
  const { navigation, preferences } = useConsole();
  const { tenantId } = navigation.place.value;
  const id = useId();
  const choose = (input: HTMLInputElement) => {
    const chosen = input.value.trim();
    if (chosen === tenantId || !input.reportValidity()) return;
    navigation.go({ tenantId: chosen, eventId: null });
    const tenants = addRecent(preferences.value.tenants, chosen);
    preferences.value = { ...preferences.value, tenants };
  };
  return (
    <form
      class="bar-tenant"
      onSubmit={(event) => {
        event.preventDefault();
        const input = event.currentTarget.elements.namedItem("tenant");
        if (input instanceof HTMLInputElement) choose(input);
      }}
    >
      <label class="bar-label" for={id}>
        {texts.tenant}
      </label>
      <input
        id={id}
        key={tenantId}
        class="field bar-tenant-input"
        name="tenant"
        list={`${id}-used`}
        defaultValue={tenantId}
        placeholder={texts.ownTenant}
        pattern={PATTERN}
        title={texts.tenantRule}
        maxLength={64}
        autocomplete="off"
        spellcheck={false}
        onChange={(event) => choose(event.currentTarget)}
      />
      <datalist id={`${id}-used`}>
        {preferences.value.tenants.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </form>
  );
}
