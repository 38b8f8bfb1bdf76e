// Evaluated on the player's returned video: notes when the camera took which frame, and when which came back and was shown.
// Looks at single planes of frames as they are, without drawing them: the probe must not cost what it measures.
async (returned, { widthPx, heightPx, skip, stripPx, blocks, bandYy, colourUv, tolerance }) => {
  // Of a frame in 4:2:0, the colour planes of some rows: one byte for each two by two pixels.
  const colours = async (frame, from, to) => {
    const scale = frame.codedHeight / heightPx;
    const y = 2 * Math.round((from * scale) / 2);
    const rect = { x: 0, y, width: frame.codedWidth, height: 2 * Math.round((to * scale) / 2) - y };
    const bytes = new Uint8Array(frame.allocationSize({ rect }));
    const planes = await frame.copyTo(bytes, { rect });
    const interleaved = frame.format.startsWith("NV12");
    const plane = (at) => (interleaved ? planes[1].offset + at : planes[1 + at].offset);
    return { bytes, u: plane(0), v: plane(1), step: interleaved ? 2 : 1, columns: rect.width / 2, count: (rect.width / 2) * (rect.height / 2) };
  };

  // The painted number: each block is blue (1) or yellow (0); the second half repeats the first, inverted. -1 where that isn't so.
  const number = async (frame) => {
    const { bytes, u, v, step, columns } = await colours(frame, stripPx / 2, stripPx / 2 + 2);
    const bit = (block) => {
      const at = step * Math.round(((block + 0.5) * columns) / blocks);
      return Number(bytes[u + at] > bytes[v + at]);
    };
    let value = 0;
    for (let block = 0; block < blocks / 2; block++) {
      if (bit(block) === bit(block + blocks / 2)) return -1;
      value += bit(block) << block;
    }
    return value;
  };

  // How much of the band has the colour of boxes.
  const share = async (frame) => {
    const { bytes, u, v, step, count } = await colours(frame, ...bandYy);
    let found = 0;
    for (let at = 0; at < step * count; at += step)
      if (Math.abs(bytes[u + at] - colourUv[0]) < tolerance && Math.abs(bytes[v + at] - colourUv[1]) < tolerance) found++;
    return found / count;
  };

  const notes = { taken: [], shown: [] };
  window.digitsFrames = notes;

  // The camera's own track, kept by the page when it was given: no second camera is opened, and nothing of it is drawn.
  const track = window.digitsCamera.getVideoTracks()[0].clone();
  const frames = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const watchCamera = async () => {
    for (let count = 0; ; count++) {
      const { done, value: frame } = await frames.read();
      if (done) return;
      const now = performance.now();
      if (count % skip === 0) notes.taken.push([await number(frame), frame.timestamp / 1000, now]);
      frame.close();
    }
  };
  watchCamera();

  const watchReturned = async (_, { presentationTime }) => {
    returned.requestVideoFrameCallback(watchReturned);
    const frame = new VideoFrame(returned);
    notes.shown.push([await number(frame), presentationTime, await share(frame)]);
    frame.close();
  };
  returned.requestVideoFrameCallback(watchReturned);
}
