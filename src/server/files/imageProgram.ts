/**
 * The program of the thread that makes the preview of an image. It is a string, because the path of
 * a file would differ between the sources, the build and a bundle. The library ends with a trap when
 * bytes are not an image, which ends the thread too.
 */
export const imageProgram = `
const { parentPort, workerData } = require('node:worker_threads');
const { module, content, width, height } = workerData;
const photon = require(module);
const image = photon.PhotonImage.new_from_byteslice(content);
const isSame = image.get_width() === width && image.get_height() === height;
const preview = isSame
  ? image
  : photon.resize(image, width, height, photon.SamplingFilter.Lanczos3);
parentPort.postMessage(preview.get_bytes());
`;
