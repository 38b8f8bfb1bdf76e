// Evaluated on the player's returned video: watches it and the camera itself, and notes when which frame was taken and shown.
async (returned, { widthPx, heightPx, rate, stripPx, blocks, band, colourRgb, tolerance }) => {
  const pixels = (width, height, smooth) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.imageSmoothingEnabled = smooth;
    return (video, ...from) => {
      context.drawImage(video, ...from, 0, 0, width, height);
      return context.getImageData(0, 0, width, height).data;
    };
  };
  // The inner half of the strip, eight pixels a block; the fourth lies inside the block.
  const strip = pixels(8 * blocks, 1, true);
  // Every second pixel of every second row: the probe must not cost what it measures.
  const middle = pixels(widthPx / 2, (band[1] - band[0]) / 2, false);

  // The painted number: each block is blue (1) or yellow (0); the second half repeats the first, inverted. -1 where that isn't so.
  const number = (video) => {
    const scale = video.videoHeight / heightPx;
    const rgba = strip(video, 0, (stripPx * scale) / 4, video.videoWidth, (stripPx * scale) / 2);
    const bit = (block) => Number(rgba[4 * (8 * block + 4) + 2] > rgba[4 * (8 * block + 4)]);
    let value = 0;
    for (let block = 0; block < blocks / 2; block++) {
      if (bit(block) === bit(block + blocks / 2)) return -1;
      value += bit(block) << block;
    }
    return value;
  };

  const share = (video) => {
    const scale = video.videoHeight / heightPx;
    const rgba = middle(video, 0, band[0] * scale, video.videoWidth, (band[1] - band[0]) * scale);
    const [red, green, blue] = colourRgb;
    const near = (value, wanted) => Math.abs(value - wanted) < tolerance;
    let found = 0;
    for (let at = 0; at < rgba.length; at += 4)
      if (near(rgba[at], red) && near(rgba[at + 1], green) && near(rgba[at + 2], blue)) found++;
    return (4 * found) / rgba.length;
  };

  const watch = (video, note) => {
    const next = (_, frame) => {
      note(number(video), frame);
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  };

  const camera = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  camera.style.cssText = "position: fixed; left: 0; bottom: 0; width: 32px; height: 24px; opacity: 0.01; pointer-events: none";
  const wanted = { width: { ideal: widthPx }, height: { ideal: heightPx }, frameRate: { ideal: rate } };
  camera.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  document.body.append(camera);
  await camera.play();

  const notes = { taken: [], shown: [] };
  window.digitsFrames = notes;
  watch(camera, (value, frame) => notes.taken.push([value, frame.captureTime ?? frame.presentationTime, frame.presentationTime]));
  watch(returned, (value, frame) => notes.shown.push([value, frame.presentationTime, share(returned)]));
}
