// Evaluated on the player's returned video: watches it and the camera itself, and notes when which frame was taken and shown.
async (returned, { widthPx, heightPx, rate, skip, stripPx, blocks, band, colourRgb, tolerance }) => {
  // A frame at half its size, drawn once: the probe must not cost what it measures.
  const half = (video) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: widthPx / 2, height: heightPx / 2 });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.imageSmoothingEnabled = false;
    return {
      draw: (height) => context.drawImage(video, 0, 0, video.videoWidth, (video.videoHeight * height) / heightPx, 0, 0, widthPx / 2, height / 2),
      rows: (from, to) => context.getImageData(0, from / 2, widthPx / 2, (to - from) / 2).data,
    };
  };

  // The painted number: each block is blue (1) or yellow (0); the second half repeats the first, inverted. -1 where that isn't so.
  const number = (frame) => {
    const rgba = frame.rows(stripPx / 2, stripPx / 2 + 2);
    const middle = (block) => 4 * Math.round(((block + 0.5) * widthPx) / 2 / blocks);
    const bit = (block) => Number(rgba[middle(block) + 2] > rgba[middle(block)]);
    let value = 0;
    for (let block = 0; block < blocks / 2; block++) {
      if (bit(block) === bit(block + blocks / 2)) return -1;
      value += bit(block) << block;
    }
    return value;
  };

  const share = (frame) => {
    const rgba = frame.rows(...band);
    const [red, green, blue] = colourRgb;
    const near = (value, wanted) => Math.abs(value - wanted) < tolerance;
    let found = 0;
    for (let at = 0; at < rgba.length; at += 4)
      if (near(rgba[at], red) && near(rgba[at + 1], green) && near(rgba[at + 2], blue)) found++;
    return (4 * found) / rgba.length;
  };

  const watch = (video, every, note) => {
    let count = 0;
    const next = (_, frame) => {
      if (count++ % every === 0) note(frame);
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
  const seen = half(camera);
  const back = half(returned);
  watch(camera, skip, (frame) => {
    seen.draw(stripPx);
    notes.taken.push([number(seen), frame.captureTime ?? frame.presentationTime, frame.presentationTime]);
  });
  watch(returned, 1, (frame) => {
    back.draw(band[1]);
    notes.shown.push([number(back), frame.presentationTime, share(back)]);
  });
}
