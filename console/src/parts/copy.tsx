interface Props {
  readonly text: string;
  readonly label: string;
}

/** A button that copies a text. */
export function CopyButton({ text, label }: Props) {
  return (
    <button type="button" onClick={() => void navigator.clipboard.writeText(text)}>
      {label}
    </button>
  );
}
