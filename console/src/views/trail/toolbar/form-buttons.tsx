import { texts } from "../../../texts";

/** The buttons that end a form in a panel. */
export function FormButtons({ onCancel }: { readonly onCancel: () => void }) {
  return (
    <p class="toolbar-form-buttons">
      <button type="submit" class="toolbar-button-main">
        {texts.apply}
      </button>
      <button type="button" class="toolbar-button" onClick={onCancel}>
        {texts.cancel}
      </button>
    </p>
  );
}
