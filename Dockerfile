# Kube AutoFix as an image: the sources run unbuilt on Node 24, as they do in the tests.
# It holds no kustomize and no helm, which rendering needs: docs/installation.md adds the versions that your Argo CD or Flux has.
FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY src ./src
# The image's user `node`, by number so that runAsNonRoot can be checked.
USER 1000:1000
EXPOSE 3000
CMD ["node", "src/main.ts"]
