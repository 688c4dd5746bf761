/** The bundled example recording; data/example/README.md says how it was made. */
export const exampleRecording = new URL("./example/example.mat", import.meta.url);
