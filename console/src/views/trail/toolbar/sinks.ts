import { MAX_IN_MEMORY, MAX_ON_DISK, type Format, type Sink } from "./export";

const TYPES: Readonly<Record<Format, string>> = {
  csv: "text/csv",
  ndjson: "application/x-ndjson",
};

/** The File System Access API, where the browser has it. */
interface FilePicker {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
}

/**
 * Ask for a file to write to; without that API, return one in memory that is downloaded at the end.
 * Returns null if the reader cancels.
 */
export async function openSink(name: string, format: Format): Promise<Sink | null> {
  const picker = window as unknown as FilePicker;
  if (picker.showSaveFilePicker === undefined) return makeMemorySink(name, format);
  try {
    const handle = await picker.showSaveFilePicker({ suggestedName: name });
    return makeFileSink(await handle.createWritable());
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    return makeMemorySink(name, format); // a frame or a policy forbids the picker
  }
}

function makeFileSink(file: FileSystemWritableFileStream): Sink {
  return {
    maxEvents: MAX_ON_DISK,
    write: (text) => file.write(text),
    finish: () => file.close(),
    discard: () => file.abort(),
  };
}

function makeMemorySink(name: string, format: Format): Sink {
  let parts: string[] = [];
  return {
    maxEvents: MAX_IN_MEMORY,
    write: async (text) => {
      parts.push(text);
    },
    finish: async () => {
      const address = URL.createObjectURL(new Blob(parts, { type: TYPES[format] }));
      const link = document.createElement("a");
      link.href = address;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    },
    discard: async () => {
      parts = [];
    },
  };
}
